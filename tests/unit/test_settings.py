import stat
from pathlib import Path

import pytest

from imagechat.settings import Settings, SettingsError, data_directory, describe, load_settings, secret_key


def test_without_anything_set_every_setting_has_its_default() -> None:
    assert load_settings({}) == Settings()


def test_the_environment_sets_and_a_flag_wins_over_it() -> None:
    settings = load_settings({"IMAGECHAT_PORT": "9000", "IMAGECHAT_TICKET_HOURS": "0.5", "HOME": "/"}, port=9001)
    assert (settings.port, settings.ticket_hours) == (9001, 0.5)
    assert load_settings({"IMAGECHAT_PORT": "9000"}, port=None).port == 9000


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IMAGECHAT_PORT", "65536"),
        ("IMAGECHAT_PORT", "-1"),
        ("IMAGECHAT_PORT", "http"),
        ("IMAGECHAT_PORT", ""),
        ("IMAGECHAT_HOST", ""),
        ("IMAGECHAT_DATA", ""),
        ("IMAGECHAT_TICKET_HOURS", "0"),
        ("IMAGECHAT_TICKET_HOURS", "721"),
        ("IMAGECHAT_TICKET_HOURS", "nan"),
        ("IMAGECHAT_OUTBOX_KB", "63"),
        ("IMAGECHAT_OUTBOX_KB", "1.5"),
        ("IMAGECHAT_LOG_DAYS", "-1"),
        ("IMAGECHAT_LOG_DAYS", "0.5"),
        ("IMAGECHAT_LOG_DAYS", "36501"),
        ("IMAGECHAT_LOG_EVENTS", "-1"),
        ("IMAGECHAT_LOG_EVENTS", "all"),
        ("IMAGECHAT_DRAIN_SECONDS", "-0.1"),
        ("IMAGECHAT_DRAIN_SECONDS", "inf"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_in_one_line_that_names_it(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({variable: value})
    assert variable in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_variable_that_is_no_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="IMAGECHAT_PROT is no setting"):
        load_settings({"IMAGECHAT_PROT": "9000"})


def test_every_setting_is_described() -> None:
    described = describe()
    assert {each.variable for each in described} == {f"IMAGECHAT_{name.upper()}" for name in Settings.__struct_fields__}
    assert all(each.about for each in described)


def test_the_secret_key_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    key = secret_key(settings)
    assert len(key) >= 32
    assert secret_key(settings) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "\n"])
def test_AUTH1_a_key_file_without_a_key_signs_nothing_and_gets_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret-key").write_text(content)
    settings = Settings(data=str(tmp_path))
    key = secret_key(settings)
    assert len(key) >= 32
    assert secret_key(settings) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_a_secret_key_that_is_set_is_used_and_not_kept(tmp_path: Path) -> None:
    assert secret_key(Settings(data=str(tmp_path), secret_key="given")) == "given"  # noqa: S106 -- a test's
    assert list(tmp_path.iterdir()) == []


def test_a_secret_key_that_can_be_guessed_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError, match="too short") as refused:
        load_settings({"IMAGECHAT_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refused.value)
    assert load_settings({"IMAGECHAT_SECRET_KEY": "x" * 32}).secret_key == "x" * 32


def test_the_data_directory_is_its_owners_only(tmp_path: Path) -> None:
    made = data_directory(Settings(data=str(tmp_path / "of" / "imagechat")))
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert data_directory(Settings(data=str(made))) == made


@pytest.mark.parametrize("variable", ["IMAGECHAT_BUS_CREDENTIALS", "IMAGECHAT_BUS_CA"])
def test_what_goes_with_a_bus_is_refused_without_one(variable: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} goes with IMAGECHAT_BUS_URL"):
        load_settings({variable: "a-file"})
    load_settings({variable: "a-file", "IMAGECHAT_BUS_URL": "nats://localhost"})
