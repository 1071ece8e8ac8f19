"""`imagechat doctor`: what is good, what is to be known, what is to be mended, a line each."""

import sys
from typing import Any

import click
import msgspec

from imagechat.cli_plain import data_option, json_option, plainly
from imagechat.doctor.examine import examine
from imagechat.model.finding import Finding, bad
from imagechat.settings import SettingsError, load_settings


@click.command()
@json_option
@click.option("--host", help="as for serve")
@click.option("--name", metavar="HOST", help="the host that visitors use, for which the certificate must be")
@data_option
@plainly
def doctor(as_json: bool, name: str | None, **flags: Any) -> None:  # noqa: FBT001 -- a flag
    """Look at the settings, the database, the machine and what is around; also beside a node. Changes nothing.

    Ends with 1 where something is bad.
    """
    try:
        findings = examine(load_settings(**flags), name=name)
    except SettingsError as error:
        findings = [bad("settings", str(error), "mend it: nothing starts with it")]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"findings": findings}), indent=2))
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            click.echo(_line(finding, width))
    sys.exit(any(finding.state == "bad" for finding in findings))


def _line(finding: Finding, width: int) -> str:
    advice = f" → {finding.advice}" if finding.advice else ""
    return f"{finding.state:4}  {finding.name:{width}}  {finding.says}{advice}"
