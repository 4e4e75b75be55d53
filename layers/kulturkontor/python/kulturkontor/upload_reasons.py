"""Why a file from an applicant is refused, as codes and in the applicant's own written form."""

from enum import StrEnum

from kulturkontor.programme import Language
from kulturkontor.word_lists import word_list


class UploadReason(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_ALLOWED_TYPE = "not_allowed_type"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    ACTIVE_CONTENT = "active_content"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    MALWARE = "malware"


def refusal_texts(reason: str, language: Language) -> tuple[str, str]:
    """What is wrong with the file, and what to do."""
    told = word_list(language, "upload_reasons")[reason]
    return told["wrong"], told["action"]
