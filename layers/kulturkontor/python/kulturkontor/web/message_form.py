"""What is sent to the pages of messages to a group."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.application_form import Text
from kulturkontor.group_messages import Group, Words
from kulturkontor.programme import Language


class MessageIn(BaseModel):
    """`key`: what the form was shown with, so that it counts once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z0-9]{8,40}$")]
    group: Group
    gathering: Annotated[str, Field(max_length=20)] = ""
    subject_nb: Annotated[Text, Field(max_length=150)] = ""
    text_nb: Annotated[Text, Field(max_length=4_000)] = ""
    subject_nn: Annotated[Text, Field(max_length=150)] = ""
    text_nn: Annotated[Text, Field(max_length=4_000)] = ""

    @property
    def words(self) -> dict[Language, Words]:
        """In the forms that something is written in."""
        typed: dict[Language, Words] = {
            "nb": Words(subject=self.subject_nb, text=self.text_nb),
            "nn": Words(subject=self.subject_nn, text=self.text_nn),
        }
        return {form: each for form, each in typed.items() if each.subject or each.text}


class SendIn(MessageIn):
    """`count`: how many the page said that it goes to."""

    count: int
