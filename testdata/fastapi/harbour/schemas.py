from pydantic import BaseModel, Field


class Ship(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    length: float = Field(default=10, gt=0)


class Note(BaseModel):
    name: str
