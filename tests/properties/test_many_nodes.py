"""However commands are mixed over two nodes on one PostgreSQL, the log folds to what a newcomer sees."""

import asyncio
from itertools import count

from deploy.local.postgres import PostgresServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagechat.model.commands import Command
from imagechat.model.errors import Refusal
from imagechat.model.events import CommentCreated, MarkerCreated, decode_event
from imagechat.model.ids import RoomId, room_id
from imagechat.model.room_state import PictureState
from imagechat.store.read_rooms import Log
from imagechat.store.write_events import Committed
from making import ANN, BEN, MODERATOR, PICTURE_ROOM, TENANT
from making import create_comment, create_marker, delete_comment, delete_marker, edit_comment, update_marker, words
from side_by_side import side_by_side
from storing import PostgresBackend, Store
from visiting import fresh
