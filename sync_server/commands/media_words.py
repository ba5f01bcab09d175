"""What is wrong with the store of photos, in words for whoever runs the server."""

from sync_server.media.errors import MediaFull, MediaRefused, MediaUnreachable, Reason

_WORDS = {
    Reason.ADDRESS: (
        "Adresse, Endpunkt oder Region passen nicht. Bitte MEDIA_URL (s3://bucket/prefix), AWS_ENDPOINT_URL und "
        "AWS_REGION prüfen",
        "The address, the endpoint or the region does not fit. Please check MEDIA_URL (s3://bucket/prefix), "
        "AWS_ENDPOINT_URL and AWS_REGION",
    ),
    Reason.DRIVER: (
        "Das Programmpaket für S3 fehlt: pip install --require-hashes -r requirements/s3.txt",
        "The package for S3 is missing: pip install --require-hashes -r requirements/s3.txt",
    ),
    Reason.NO_CREDENTIALS: (
        "Es gibt keine Zugangsdaten. Bitte AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY setzen",
        "There are no credentials. Please set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    Reason.WRONG_CREDENTIALS: (
        "Der Speicher kennt diese Zugangsdaten nicht, oder sie sind abgelaufen. Bitte AWS_ACCESS_KEY_ID und "
        "AWS_SECRET_ACCESS_KEY prüfen",
        "The store does not know these credentials, or they have expired. Please check AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY",
    ),
    Reason.CLOCK: (
        "Die Uhr dieser Maschine weicht zu sehr von der des Speichers ab. Bitte stellen",
        "This machine's clock differs too much from the store's. Please set it",
    ),
    Reason.DENIED: (
        "Der Zugang darf das nicht. Er muss unter MEDIA_URL auflisten, lesen, schreiben und löschen dürfen",
        "The account may not do that. Below MEDIA_URL it must be allowed to list, read, write and delete",
    ),
    Reason.NO_BUCKET: (
        "Den Bucket gibt es nicht. Bitte anlegen, oder MEDIA_URL und AWS_ENDPOINT_URL prüfen",
        "There is no such bucket. Please make it, or check MEDIA_URL and AWS_ENDPOINT_URL",
    ),
    Reason.OTHER: (
        "Der Speicher lehnt aus einem eigenen Grund ab. Bitte dort nachsehen",
        "The store refuses for a reason of its own. Please look there",
    ),
}


def of(error: MediaRefused | MediaUnreachable | MediaFull) -> tuple[str, str]:
    """The sentence in German and in English."""
    if isinstance(error, MediaUnreachable):
        return (
            f"Der Fotospeicher (S3) antwortet nicht ({error}). Bitte Netz und AWS_ENDPOINT_URL prüfen.",
            f"The store of photos (S3) does not answer ({error}). Please check the network and AWS_ENDPOINT_URL.",
        )
    if isinstance(error, MediaFull):
        return (
            "Der Fotospeicher (S3) ist voll. Bitte Platz schaffen und noch einmal.",
            "The store of photos (S3) is full. Please make room and try again.",
        )
    german, english = _WORDS[error.reason]
    said = f" ({error.said})" if error.said else ""
    return f"Fotospeicher (S3): {german}{said}.", f"Store of photos (S3): {english}{said}."
