"""The messages of a page that its browser has yet to get, when a live part of the page begins to draw anew."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from app import unsent_messages
from app.unsent_messages import keep_unsent_messages


@pytest.fixture(autouse=True)
def queues_of_before(monkeypatch: pytest.MonkeyPatch):
    """Other tests keep the queues that they had."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", unsent_messages._clear)


def block(*path: int, fragment: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.delta.add_block.allow_empty = True
    message.delta.fragment_id = fragment
    message.metadata.delta_path.extend(path)
    return message


def refused(messages: list[ForwardMsg]) -> list[tuple[int, ...]]:
    """Return the paths at which a browser finds a predecessor missing: a block takes its parts one after the other."""
    parts: dict[tuple[int, ...], int] = {}
    wrong = []
    for message in messages:
        if message.WhichOneof("type") != "delta":
            continue
        *place, index = message.metadata.delta_path
        if index > parts.setdefault(tuple(place), 0):
            wrong.append(tuple(message.metadata.delta_path))
        parts[tuple(place)] = max(parts[tuple(place)], index + 1)
    return wrong


def unsent_page_when_fragments_begin(*fragments: str) -> list[ForwardMsg]:
    queue = ForwardMsgQueue()
    for message in (block(0), block(1, fragment="a"), block(1, 0, fragment="a"), block(2, fragment="b"), block(3)):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=list(fragments))
    for message in (block(1, fragment="a"), block(1, 0, fragment="a"), block(2, fragment="b")):
        if message.delta.fragment_id in fragments:
            queue.enqueue(message)
    return queue.flush()


def test_streamlit_alone_sends_a_page_with_a_gap():
    assert refused(unsent_page_when_fragments_begin("a", "b")) == [(3,)]


@pytest.mark.parametrize("fragments", [(), ("a",), ("b",), ("a", "b"), ("b", "a")])
def test_no_part_of_a_page_is_missing_when_a_live_part_begins(fragments: tuple[str, ...]):
    keep_unsent_messages()
    assert refused(unsent_page_when_fragments_begin(*fragments)) == []


def test_a_run_of_the_whole_page_drops_what_it_draws_anew():
    keep_unsent_messages()
    queue = ForwardMsgQueue()
    queue.enqueue(block(0))
    finished = ForwardMsg()
    finished.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    queue.enqueue(finished)
    queue.clear(retain_lifecycle_msgs=True)
    assert [message.script_finished for message in queue.flush()] == [ForwardMsg.FINISHED_EARLY_FOR_RERUN]
    queue.enqueue(block(0))
    queue.clear()
    assert queue.is_empty()
