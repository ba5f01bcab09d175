"""What is said about an observation: a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.progress import Standing, progress, stage
from app.state.told import title
from app.state.views import Progress
from protocol.observation import ObservationContent
from protocol.review import LeadState
from tests.app.scripted_server import NOW, name

TABLE = [
    (Standing(), Progress.DRAFT, 1),
    (Standing(waiting=1), Progress.WAITING, 1),
    (Standing(waiting=1, sending=True), Progress.SENDING, 1),
    (Standing(refused=True), Progress.REFUSED, 1),
    (Standing(refused=True, waiting=1), Progress.REFUSED, 1),
    (Standing(confirmed=True), Progress.RECEIVED, 2),
    (Standing(confirmed=True, photos_total=3, photos_received=1), Progress.PHOTOS, 2),
    (Standing(confirmed=True, photos_total=3, photos_received=3), Progress.RECEIVED, 2),
    (Standing(state=LeadState.NEW), Progress.RECEIVED, 2),
    (Standing(state=LeadState.NEW, photos_total=1), Progress.PHOTOS, 2),
    (Standing(state=LeadState.IN_REVIEW, photos_total=1), Progress.IN_REVIEW, 3),
    (Standing(state=LeadState.QUESTION), Progress.QUESTION, 3),
    (Standing(state=LeadState.QUESTION, waiting=1), Progress.WAITING, 3),
    (Standing(state=LeadState.ACCEPTED, confirmed=True), Progress.ACCEPTED, 4),
    (Standing(state=LeadState.ACCEPTED, refused=True), Progress.REFUSED, 4),
    (Standing(state=LeadState.REJECTED), Progress.REJECTED, 4),
    (Standing(state=LeadState.DUPLICATE), Progress.DUPLICATE, 4),
    (Standing(state=LeadState.HANDED_OVER), Progress.HANDED_OVER, 4),
    (Standing(state=LeadState.WON), Progress.WON, 4),
    (Standing(state=LeadState.LOST), Progress.LOST, 4),
]


@pytest.mark.parametrize(("standing", "word", "parts"), TABLE)
def test_progress(standing: Standing, word: Progress, parts: int) -> None:
    assert (progress(standing), stage(standing)) == (word, parts)


def test_every_state_of_a_lead_has_a_word() -> None:
    assert {standing.state for standing, _, _ in TABLE} >= set(LeadState)


lines = st.text(alphabet="ab \n\t", max_size=12)


@given(heard=lines, seen=lines, concluded=lines, step=lines)
def test_lists_and_pages_show_the_same_title(heard: str, seen: str, concluded: str, step: str) -> None:
    content = ObservationContent.model_validate(
        {
            "kind": "note", "customer_id": name("k"), "observed_at": NOW, "heard": heard, "seen": seen,
            "concluded": concluded, "next_step": {"text": f"{step}!"},
        }
    )  # fmt: skip
    assert title(content.as_dict()) == content.title
