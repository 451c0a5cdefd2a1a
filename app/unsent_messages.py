"""What a page has drawn reaches the browser, also when a live part of the page is drawn anew before it is sent.

When a fragment begins, Streamlit drops the messages of that fragment that still wait to be sent, since it draws them
anew. With them goes the place that the fragment has in its page, while the parts of the page after it are sent: the
browser refuses a part whose predecessor is missing ("Bad delta path index"), and the page stays broken until a reload.
The messages are kept here; the browser then draws the fragment twice, as it does whenever both fit.
"""

from __future__ import annotations

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


def keep_unsent_messages() -> None:
    """Let the queues of messages of all sessions keep what a fragment drew before."""
    ForwardMsgQueue.clear = _clear_for_a_page  # type: ignore[method-assign]


def _clear_for_a_page(
    self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    """Clear a queue as Streamlit does for a page's run; for a run of fragments, drop the messages of none of them."""
    _clear(self, retain_lifecycle_msgs, None if fragment_ids_this_run is None else [])
