"""Signatures: they travel like photos (S13, S14), keep their own words, and outlive corrections (S5)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from app.ink.picture import InkPicture, picture_of
from app.ink.strokes import Ink
from app.photo.geometry import Point
from protocol.answers import Answer, Answers
from protocol.changes import Outcome
from protocol.first_template import FIRST_TEMPLATE
from protocol.ids import new_id
from protocol.limits import MAX_SIGNATURES
from protocol.observation import Kind, ObservationContent
from protocol.signature import Signature
from sync_server.crm import missing_photos, rendering
from sync_server.store import schema as t
from tests.server.firm import Firm, Tablet
from tests.server.pictures import hash_of
from tests.server.test_media import begin, metadata, patch

NOW = datetime(2026, 11, 20, 9, 20, tzinfo=UTC)


def ink(seed: int = 0) -> InkPicture:
    """A picture as the tablet makes it."""
    stroke = tuple(Point(30 + 4 * step, 120 + (step * (7 + seed)) % 90) for step in range(60))
    return picture_of(Ink(760, 420).with_stroke(stroke))


def signed(picture: InkPicture, **fields: Any) -> Signature:
    values: dict[str, Any] = {
        "id": new_id(), "sha256": hash_of(picture.data), "size": len(picture.data), "width": picture.width,
        "height": picture.height, "question": "change_consent", "signer": "Petra Sommer",
        "words": "Testfirma\nIch bin einverstanden.\nBrandl · Werk 1\n20. November 2026", "signed_at": NOW,
    }  # fmt: skip
    return Signature(**(values | fields))


def fields_of(*signatures: Signature) -> dict[str, Any]:
    """The fields of an observation that was signed."""
    given = tuple(
        Answer(question=one.question, value=str(one.id), said=f"Unterschrift von {one.signer}")
        for one in signatures
    )
    answers = Answers(template=FIRST_TEMPLATE, given=given)
    return {"kind": Kind.CONTACT_CHANGE, "signatures": signatures, "answers": answers}


def upload(tablet: Tablet, data: bytes) -> Any:
    begun = begin(tablet, data, headers={"Upload-Metadata": metadata(hash_of(data), "image/png")})
    assert begun.status_code == 201, begun.text
    return patch(tablet, begun.headers["location"], data, 0)


def test_a_signature_arrives_like_a_photo_with_its_words_and_its_moment(firm: Firm, anna: Tablet) -> None:
    picture = ink()
    signature = signed(picture)
    observation = anna.observe(**fields_of(signature))
    assert anna.push(observation).receipts[0].outcome is Outcome.ACCEPTED
    anna.pull()
    assert anna.observation(observation).media_received == ()
    assert upload(anna, picture.data).status_code == 204
    anna.pull()
    state = anna.observation(observation)
    assert state.media_received == (signature.id,)
    assert state.shown.content.signed == (signature,)
    given = anna.http.get(f"/sync/v1/media/{signature.sha256}", headers=anna.headers)
    assert (given.content, given.headers["content-type"]) == (picture.data, "image/png")
    with firm.database.reading() as connection:
        row = connection.execute(select(t.photos)).one()
    assert (row.signed_at, row.seconds) == (NOW, None)


def test_what_was_signed_alone_is_an_observation(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe("", **fields_of(signed(ink())))
    assert anna.push(observation).receipts[0].outcome is Outcome.ACCEPTED
    with firm.database.reading() as connection:
        (rendered,) = rendering.observations(connection, [observation.observation_id])
    assert rendered.history_entry.summary == "Unterschrift von Petra Sommer"


def test_s1_pushed_again_it_is_stored_once(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(**fields_of(signed(ink())))
    first = anna.push(observation)
    assert anna.push(observation).receipts == first.receipts
    with firm.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.photos)).scalar() == 1


def test_more_than_a_form_can_want_are_refused_and_the_neighbour_is_not(anna: Tablet) -> None:
    signatures = tuple(signed(ink(number), question=f"q{number}") for number in range(MAX_SIGNATURES + 1))
    change = anna.observe().model_dump(mode="json", exclude_none=True)
    change["content"]["signatures"] = [one.as_dict() for one in signatures]
    good = anna.observe()
    answer = anna.push(change, good)
    assert [receipt.outcome for receipt in answer.receipts] == [Outcome.REJECTED, Outcome.ACCEPTED]


def test_s5_a_correction_keeps_what_was_signed_as_it_was_signed(anna: Tablet) -> None:
    signature = signed(ink())
    observation = anna.observe("Petra Sommer ist neu", **fields_of(signature))
    anna.push(observation)
    correction = anna.revise(observation, "Petra Sommer leitet den Einkauf")
    content = correction.content.model_copy(update=fields_of(signature))
    anna.push(correction.model_copy(update={"content": content}))
    anna.pull()
    shown = anna.observation(observation).shown
    assert shown.content.heard == "Petra Sommer leitet den Einkauf"
    assert shown.content.signed == (signature,)


def test_s16_a_correction_by_an_app_that_knows_no_signatures_loses_none(firm: Firm, anna: Tablet) -> None:
    """It sends back the answer, which it can read, and leaves out the field, which it cannot."""
    picture = ink()
    signature = signed(picture)
    observation = anna.observe("Petra Sommer ist neu", **fields_of(signature))
    anna.push(observation)
    upload(anna, picture.data)
    correction = anna.revise(observation, "Petra Sommer leitet den Einkauf")
    content = correction.content.model_copy(update={**fields_of(signature), "signatures": None})
    receipt = anna.push(correction.model_copy(update={"content": content})).receipts[0]
    assert receipt.outcome is Outcome.ACCEPTED
    with firm.database.reading() as connection:
        stored = [
            ObservationContent.model_validate_json(row.content)
            for row in connection.execute(select(t.revisions).order_by(t.revisions.c.received_at))
        ]
        assert connection.execute(select(t.photos.c.id)).scalars().all() == [signature.id]
    assert [one.signed for one in stored] == [(signature,), ()]
    assert stored[1].answers is not None
    assert stored[1].answers.given[0].words == "Unterschrift von Petra Sommer"
    kept = anna.http.get(f"/sync/v1/media/{signature.sha256}", headers=anna.headers)
    assert kept.content == picture.data


def test_s13_a_picture_that_is_nowhere_any_more_is_told_to_be_missing(firm: Firm, anna: Tablet) -> None:
    signature = signed(ink())
    observation = anna.observe(**fields_of(signature))
    anna.push(observation)
    with firm.database.writing() as connection:
        missing_photos.note(connection, firm.anna.id, [signature.sha256], datetime.now(UTC))
    anna.pull()
    assert anna.observation(observation).media_missing == (signature.id,)
