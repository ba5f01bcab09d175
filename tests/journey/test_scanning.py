"""Scanning nameplates in a real browser without network: real pictures before the fake camera, and from files.

One tablet for all of it: a known plate before the camera, then a picture without a code and a bar code from files. In the
end a competitor's machine with a Data Matrix code, which nobody knows: it is reported, sent, and known when scanned again.
"""

import re
from pathlib import Path

from playwright.sync_api import Playwright
from sqlalchemy import create_engine, select

from sync_server.settings import Settings
from sync_server.store import schema as t
from tests.journey.conftest import ADDRESS
from tests.journey.technician import CUSTOMER, open_customer
from tests.nameplates import code128, data_matrix, film, jpeg, plate, qr
from tests.running import RunningServer
from tests.tablet import Tablet, tablet

THEIRS = "PX22K4711"
"""The number of a machine that nobody knows yet."""


def test_a_plates_code_opens_its_machine_without_network_from_the_camera_and_from_a_photo(
    driver: Playwright, server: RunningServer, profile: Path, tmp_path: Path
) -> None:
    serial = _serial_at_kaesmayr(server)
    seen = film(
        tmp_path / "plate.mjpeg", plate(qr(f"https://id.example.com/m?typ=RV&sn={serial}"), "ALBWERK")
    )
    files = {
        "bars": plate(code128(serial), "ALBWERK", f"Nr. {serial}", turned=-4),
        "matrix": plate(data_matrix(THEIRS), "PNEUMERA", turned=3),
        "nothing": plate(qr("zu klein zum Lesen").resize((9, 9)), "ALBWERK"),
    }
    for name, picture in files.items():
        (tmp_path / f"{name}.jpg").write_bytes(jpeg(picture))

    with tablet(driver, profile, ADDRESS, port=server.port, film=seen) as shown:
        shown.go_offline()
        shown.start()
        # From the brief: elsewhere the next visit's customer is expected, who is another one at each time of day.
        open_customer(shown)
        shown.scroll_to("scan")
        shown.tap("scan")
        shown.sees("Erkannt")
        shown.sees(CUSTOMER)
        shown.sees(f"Nr. {serial}")

        _type_instead(shown)
        _choose(shown, tmp_path / "nothing.jpg")
        shown.sees("In diesem Foto ist kein Code zu lesen")
        _choose(shown, tmp_path / "bars.jpg")
        shown.sees("Erkannt")
        shown.tap("scan-brief")
        shown.sees("Kundenbrief")

        _scan_matrix(shown, tmp_path / "matrix.jpg")
        shown.sees("Nicht bekannt")
        shown.sees(f"Nr. {THEIRS}")
        shown.tap("scan-report-theirs")
        shown.type("capture-text", "Steht neben unserem")
        shown.tap("capture-save")
        shown.sees("Gespeichert")
        shown.go_online()
        # In the brief again; the machine itself comes back from the server.
        shown.sees("Wettbewerb: Steht neben unserem")
        shown.tap("back")
        shown.tap("nav-today")
        shown.tap("sync-now")
        shown.sees("Alles übertragen")
        shown.tap("nav-customers")
        shown.control("customer-search").wait_for()
        shown.tap_text(re.compile(CUSTOMER))
        _scan_matrix(shown, tmp_path / "matrix.jpg")
        shown.sees("Erkannt")
        shown.sees(f"Nr. {THEIRS}")
        shown.sees("Wettbewerb")


def _scan_matrix(shown: Tablet, picture: Path) -> None:
    shown.scroll_to("scan")
    shown.tap("scan")
    # The camera sees the known plate still; where the film cannot be shown a second time, the number is asked for at once.
    shown.sees(re.compile("Erkannt|Nummer vom Typenschild"))
    if "Erkannt" in shown.reads():
        _type_instead(shown)
    _choose(shown, picture)


def _type_instead(shown: Tablet) -> None:
    shown.tap("scan-type")
    # Photos can be chosen on both screens: whoever taps at once taps on the one that is just going.
    shown.control("scan-number").wait_for()


def _choose(shown: Tablet, path: Path) -> None:
    with shown.page.expect_file_chooser() as chooser:
        shown.tap("scan-photo")
    chooser.value.set_files(path)


def _serial_at_kaesmayr(server: RunningServer) -> str:
    """The serial number of one of our machines there."""
    engine = create_engine(Settings(data=server.data).url)
    try:
        with engine.connect() as connection:
            found = connection.execute(
                select(t.assets.c.serial_number)
                .join(t.customers, t.customers.c.id == t.assets.c.customer_id)
                .where(t.customers.c.name.like(f"{CUSTOMER}%"), t.assets.c.ours)
                .order_by(t.assets.c.serial_number.desc())
            ).scalars()
            return next(str(serial) for serial in found if serial)
    finally:
        engine.dispose()
