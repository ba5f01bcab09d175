"""The newest arrivals, told by hand: what a person sees first when the inbox or the demo tablet opens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from protocol.observation import Flag, FlagKind, Kind, NextStep, Side, Urgency
from protocol.review import RejectionReason
from protocol.rules.leads import Action
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account, Someone
from sync_server.demo.machines import Family
from sync_server.demo.recording import Story, begin
from sync_server.demo.staff import Colleague, Staff
from sync_server.demo.telling import Told
from sync_server.demo.worktime import BERLIN, day_of, in_office, is_holiday, local, season_name, workday

_SAME_DAY = timedelta(hours=12)
"""What is more recent keeps its distance to now, whatever the hour: a demo at night has news, too."""

Live = Callable[[Story, Colleague, datetime], None]


@dataclass(frozen=True)
class _Scripted:
    """One scripted observation: at whom, by whom, how long ago, and what inside sales has done so far."""

    customer: str
    technician: int
    ago: timedelta
    tell: Callable[[Account, Someone | None, datetime], Told]
    live: Live | None = None


def showcase(chance: Chance, staff: Staff, accounts: list[Account], end: datetime) -> Iterator[Story]:
    """The scripted stories, oldest first; none of customers that are not there."""
    by_name = {account.firm.name: account for account in accounts[:12]}
    for script in sorted(_SCRIPT, key=lambda s: s.ago, reverse=True):
        account = by_name.get(script.customer)
        if account is None:
            continue
        author = staff.technicians[script.technician]
        received = end - script.ago if script.ago < _SAME_DAY else _by_day(end - script.ago)
        observed = received - timedelta(minutes=chance.number(3, 70))
        contact = account.present[0] if account.present else None
        told = script.tell(account, contact, observed)
        story = begin(
            chance, author, account, told, observed_at=observed, received_at=received, visit_id=None
        )
        if script.live is not None:
            script.live(story, staff.inside_sales[0], end)
        yield story


def _by_day(moment: datetime) -> datetime:
    """The moment itself when people work then, else the afternoon of the working day before."""
    here = moment.astimezone(BERLIN)
    if not is_holiday(here.date()) and time(7) <= here.time() < time(16):
        return moment
    return local(workday(here.date(), -1), time(15, here.minute))


def _said(contact: Someone | None) -> str:
    return contact.person.subject if contact else "Der Schichtleiter"


def _told(
    account: Account,
    contact: Someone | None,
    kind: Kind,
    *,
    heard: str = "",
    seen: str = "",
    concluded: str = "",
    step: NextStep | None = None,
    urgent: bool = False,
    flag: Flag | None = None,
    scenes: tuple[str, ...] = (),
    pending: str = "",
    place: int = 0,
    rival: bool = False,
    family: Family | None = Family.COMPRESSOR,
) -> Told:
    at = account.places[min(place, len(account.places) - 1)]
    machines = account.theirs() if rival else account.ours(family)
    here = [machine for machine in machines if machine.place.id == at.id] or machines
    return Told(
        kind=kind,
        place=at,
        contact=contact,
        asset=here[0] if here else None,
        heard=heard,
        seen=seen,
        concluded=concluded,
        step=step,
        urgency=Urgency.URGENT if urgent else Urgency.NORMAL,
        flag=flag,
        scenes=scenes,
        pending=pending,
    )


def _hall_c(account: Account, contact: Someone | None, at: datetime) -> Told:
    season = season_name(day_of(at).replace(year=day_of(at).year + 1, month=3, day=1))
    return _told(
        account,
        contact,
        Kind.PLAN,
        heard=f"Halle C geplant, doppelter Druckluftbedarf\n„Ab {season} kommt Halle C dazu, da brauchen wir "
        "ungefähr doppelt so viel Druckluft.“",
        seen="RV 75 läuft mit 96 % Auslastung, Ansaugfilter neu, Nachbarhalle ist ausgesteckt.",
        concluded="Zweite Station mit Drehzahlregelung, Wärmerückgewinnung gleich mitdenken.",
        step=NextStep(
            text="Innendienst ruft an, Auslegung Druckluft Halle C",
            responsible=Side.INSIDE_SALES,
            due_on=workday(day_of(at), 2),
        ),
        scenes=("plate", "construction"),
        place=1,
    )


def _rival_at_kaesmayr(account: Account, contact: Someone | None, at: datetime) -> Told:
    rival = account.theirs()[0].machine if account.theirs() else None
    name = f"{rival.maker} {rival.model}" if rival else "Hofacker V 15"
    return _told(
        account,
        None,
        Kind.COMPETITOR,
        seen=f"Fremdverdichter {name}, Öl am Boden, läuft im Dauerbetrieb\nSteht hinter dem Behälter in Halle B. "
        "Wartungsaufkleber ist drei Jahre alt, Riemen quietscht.",
        concluded="Hält keinen Sommer mehr. Ablöse gleich mit Halle C anbieten.",
        step=NextStep(
            text="Betriebsstunden der Fremdanlage ablesen", responsible=Side.TECHNICIAN, due_on=day_of(at)
        ),
        scenes=("competitor", "plate"),
        place=1,
        rival=True,
    )


def _angry_foundry(account: Account, contact: Someone | None, at: datetime) -> Told:
    return _told(
        account,
        contact,
        Kind.COMPLAINT,
        heard="Schichtleiter verärgert: dritter Ausfall seit August\n„Beim nächsten Mal rede ich mit eurem "
        "Geschäftsführer.“ Er erwartet heute noch einen Anruf.",
        seen="Verdichtungsendtemperatur 106 °C, Kühler mit Formstaub zugesetzt. Gereinigt, läuft wieder.",
        concluded="Ansaugung muss nach draußen verlegt werden, sonst haben wir das alle sechs Wochen.",
        step=NextStep(text="Heute zurückrufen, Kulanz klären", due_on=day_of(at)),
        urgent=True,
        scenes=("thermo",),
        pending="errors",
    )


def _new_buyer(account: Account, contact: Someone | None, at: datetime) -> Told:
    return _told(
        account,
        contact,
        Kind.CONTACT_CHANGE,
        heard=f"Ab Januar neuer Einkaufsleiter, kommt von Hofacker\n{_said(contact)} sagt, Herr Stadler fängt am "
        "7. Januar an und will alle Lieferanten neu ausschreiben.",
        step=NextStep(text="Antrittsbesuch im Januar vereinbaren", responsible=Side.FIELD_SALES),
        flag=Flag(
            kind=FlagKind.THIRD_PARTY,
            purpose="Ansprechpartner Einkauf vorbereiten",
            expires_on=day_of(at) + timedelta(days=180),
        ),
        family=None,
    )


def _dryer_question(account: Account, contact: Someone | None, _: datetime) -> Told:
    return _told(
        account,
        contact,
        Kind.NEED,
        heard="Trockner zu klein für neue Linie, Kondensat in der Leitung\nSeit die zweite Bogenoffset läuft, kommt "
        "morgens Wasser an den Greifern an.",
        seen="Taupunkt +11 °C bei Volllast, Ableiter in Ordnung.",
        concluded="Größerer Trockner mit Vorfilter und Bypass.",
        scenes=("dryer", "gauge_dew"),
        family=Family.DRYER,
    )


def _asked(story: Story, actor: Colleague, end: datetime) -> None:
    story.life.open(actor.id, story.received_at + timedelta(minutes=14))
    story.life.ask(
        actor.id, story.received_at + timedelta(minutes=19), "Welche Liefermenge steht auf dem Typenschild?"
    )


def _contract(account: Account, contact: Someone | None, at: datetime) -> Told:
    return _told(
        account,
        contact,
        Kind.NEXT_STEP,
        heard=f"Möchte Angebot Wartungsvertrag, nur per Post\n{_said(contact)} will keine Mails mehr und bittet um ein "
        "Angebot auf Papier.",
        step=NextStep(text="Angebot Wartungsvertrag Plus per Post", due_on=workday(day_of(at), 4)),
    )


def _tender(account: Account, contact: Someone | None, _: datetime) -> Told:
    return _told(
        account,
        contact,
        Kind.PLAN,
        heard="Ausschreibung Kälteanlage Q2, Ingenieurbüro Haag plant\nLeistungsverzeichnis kommt im Februar, "
        "vier Bieter werden eingeladen.",
        concluded="Wir müssen beim Planer gelistet sein, bevor das Verzeichnis steht.",
        step=NextStep(text="Kontakt zum Ingenieurbüro aufnehmen", responsible=Side.FIELD_SALES),
        family=None,
    )


def _dryer_accepted(account: Account, contact: Someone | None, at: datetime) -> Told:
    return _told(
        account,
        contact,
        Kind.NEED,
        heard="Kältetrockner vor dem Sommer ersetzen\nDer alte hat im Juli zweimal abgeschaltet, das soll nicht noch "
        "einmal passieren.",
        step=NextStep(
            text="Maße des Aufstellorts mitbringen",
            responsible=Side.TECHNICIAN,
            due_on=workday(day_of(at), 5),
        ),
        family=Family.DRYER,
    )


def _accepted(story: Story, actor: Colleague, end: datetime) -> None:
    story.life.open(actor.id, end - timedelta(minutes=48))
    story.life.decide(actor.id, end - timedelta(minutes=21), Action.ACCEPT)
    story.life.comment(
        actor.id, end - timedelta(minutes=20), "Habe heute angerufen. Angebot geht bis Freitag raus."
    )
    story.life.follow_up(actor.id, end - timedelta(minutes=19), day_of(end), "Angebot Trockner fertig?")


def _won(story: Story, actor: Colleague, end: datetime) -> None:
    yesterday = local(workday(day_of(end), -1), time(16, 10))
    story.life.decide(actor.id, in_office(story.received_at + timedelta(hours=1)), Action.ACCEPT)
    story.life.decide(actor.id, in_office(story.received_at + timedelta(days=2)), Action.HAND_OVER)
    story.life.decide(actor.id, yesterday, Action.WIN)
    story.life.comment(actor.id, yesterday + timedelta(minutes=1), "Auftrag über 2 × RV 90. Danke, Jonas!")


def _two_machines(account: Account, contact: Someone | None, _: datetime) -> Told:
    return _told(
        account,
        contact,
        Kind.PLAN,
        heard=f"2 × RV 90 statt Reparatur\n{_said(contact)} will lieber neu kaufen als die Stufe noch einmal tauschen.",
        seen="Stufe singt, Ölverbrauch seit dem Frühjahr verdoppelt.",
        scenes=("compressor",),
    )


def _canteen(account: Account, contact: Someone | None, _: datetime) -> Told:
    return _told(account, None, Kind.NOTE, seen="Kantine wird umgebaut, Eingang über den Hof", family=None)


def _unrelated(story: Story, actor: Colleague, end: datetime) -> None:
    story.life.reject(
        actor.id,
        story.received_at + timedelta(minutes=35),
        RejectionReason.NO_RELATION,
        "Kein Bezug zu uns, trotzdem danke.",
    )


_SCRIPT = (
    _Scripted("Käsmayr Kunststofftechnik GmbH & Co. KG", 0, timedelta(minutes=6), _hall_c),
    _Scripted("Käsmayr Kunststofftechnik GmbH & Co. KG", 0, timedelta(minutes=7), _rival_at_kaesmayr),
    _Scripted("Albwerk Gießerei AG", 1, timedelta(minutes=41), _angry_foundry),
    _Scripted("Bäckerei Obermüller e. K.", 0, timedelta(hours=2, minutes=12), _new_buyer),
    _Scripted("Schwarzwald Druck AG", 0, timedelta(hours=21), _dryer_question, _asked),
    _Scripted("Möhrle Metallbau GmbH", 2, timedelta(hours=22, minutes=30), _contract),
    _Scripted("Schwarzwald Druck AG", 0, timedelta(hours=3), _dryer_accepted, _accepted),
    _Scripted("Vöhringer & Söhne Werkzeugbau", 0, timedelta(days=3), _canteen, _unrelated),
    _Scripted("Stadtwerke Überlingen", 2, timedelta(days=2, hours=4), _tender),
    _Scripted("Albwerk Gießerei AG", 0, timedelta(days=80), _two_machines, _won),
)
