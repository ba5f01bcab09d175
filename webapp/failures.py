"""What can stop the build, said in words that a person can act on."""


class BuildFailed(Exception):
    """The build cannot go on. The message says what happened and what to do, in German and in English."""

    def __init__(self, german: str, english: str) -> None:
        super().__init__(f"{german}\n{english}")
