"""Signatures in the inbox: picture, name, words and moment in the lead, what was changed since, who may see it."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select

from protocol.observation import Flag, FlagKind
from protocol.pairing import Role
from protocol.rules.signing import fingerprint_of
from sync_server.crm import missing_photos
from sync_server.crm.users import User
from sync_server.store import schema as t
from tests.inbox.desk import Desk, Lead, words
from tests.server.firm import Firm, Tablet
from tests.server.test_signatures import fields_of, ink, signed


def store(firm: Firm, data: bytes) -> None:
    with firm.database.writing() as connection:
        firm.app.state.blobs.keep(connection, data, datetime.now(UTC))


def test_the_lead_shows_picture_name_words_and_moment(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    picture = ink()
    signature = signed(picture)
    lead = arrive("Petra Sommer ist neu", **fields_of(signature))
    page = nora.get(lead.path).text
    assert "Bild der Unterschrift noch auf dem Tablet" in words(page)
    assert "Ich bin einverstanden." in page
    assert "Petra Sommer" in words(page)
    store(firm, picture.data)
    page = nora.get(lead.path).text
    assert f'src="/photos/{signature.id.hex}"' in page
    assert 'alt="Unterschrift von Petra Sommer"' in page
    assert "20.11." in words(page) or "20. November" in words(page)
    assert "Nach der Unterschrift wurde" not in words(page)
    assert f'<a href="/customers/{firm.brandl.hex}/edit">Werbeerlaubnis festhalten</a>' in page
    assert nora.get(f"/customers/{firm.brandl.hex}/edit").status_code == 200
    given = nora.get(f"/photos/{signature.id.hex}")
    assert (given.content, given.headers["content-type"]) == (picture.data, "image/png")
    assert f"/photos/{signature.id.hex}" in nora.get(f"/leads/{lead.id.hex}/photos").text


def test_it_is_no_photo_in_the_list_but_signed(firm: Firm, nora: Desk, arrive: Callable[..., Lead]) -> None:
    arrive("Petra Sommer ist neu", **fields_of(signed(ink())))
    page = words(nora.get("/").text)
    assert "unterschrieben" in page
    assert "1 Foto" not in page
    assert "0 von 1" not in page


def test_after_a_correction_it_is_said_that_only_the_words_are_signed(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    signature = signed(ink())
    lead = arrive("Petra Sommer ist neu", **fields_of(signature))
    noted = signature.model_copy(update={"noted": fingerprint_of(lead.change.content)})
    same = anna.revise(lead.change, "Petra Sommer ist neu")
    same = same.model_copy(
        update={"content": lead.change.content.model_copy(update={"signatures": (noted,)})}
    )
    anna.push(same)
    said = "Nach der Unterschrift wurde die Beobachtung geändert."
    assert said not in words(nora.get(lead.path).text)
    later = anna.revise(same, "Petra Sommer ist nicht neu")
    content = later.content.model_copy(update=fields_of(noted))
    anna.push(later.model_copy(update={"content": content}))
    page = nora.get(lead.path).text
    assert said in words(page)
    assert page.count("Ich bin einverstanden.") == 1, "the earlier version's is the same one"


def test_a_correction_without_it_leaves_it_with_the_earlier_version(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    picture = ink()
    signature = signed(picture)
    lead = arrive("Petra Sommer ist neu", **fields_of(signature))
    store(firm, picture.data)
    correction = anna.revise(lead.change, "Petra Sommer leitet den Einkauf")
    content = correction.content.model_copy(update={"signatures": None})
    anna.push(correction.model_copy(update={"content": content}))
    page = nora.get(lead.path).text
    _, older = page.split('class="versions"')
    assert f'src="/photos/{signature.id.hex}"' in older
    assert page.count(f'src="/photos/{signature.id.hex}"') == 1


def test_it_needs_a_session_and_follows_the_flag(
    firm: Firm, nora: Desk, employ: Callable[[str, Role], User], arrive: Callable[..., Lead]
) -> None:
    picture = ink()
    signature = signed(picture)
    flag = Flag(kind=FlagKind.SPECIAL_CATEGORY, purpose="Unfall melden")
    lead = arrive(**{**fields_of(signature), "flag": flag})
    store(firm, picture.data)
    path = f"/photos/{signature.id.hex}"
    assert nora.get(path).status_code == 200
    assert Desk(firm.http).get(path).status_code == 303
    rosa = Desk(firm.http).sit_down(firm, employ("rosa", Role.FIELD_SALES))
    assert rosa.get(path).status_code == 404
    assert "Ich bin einverstanden" not in rosa.get(lead.path).text


def test_s13_a_picture_that_is_nowhere_any_more_is_said_to_be_missing(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    signature = signed(ink())
    lead = arrive(**fields_of(signature))
    with firm.database.writing() as connection:
        (author,) = connection.execute(select(t.observations.c.author_id)).scalars()
        missing_photos.note(connection, author, [signature.sha256], datetime.now(UTC))
    page = words(nora.get(lead.path).text)
    assert "Bild der Unterschrift fehlt" in page
    assert "Ich bin einverstanden." in page
