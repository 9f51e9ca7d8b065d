from fastapi import APIRouter, Depends

from ..schemas import Ship
from ..security import CurrentUser, current_user, harbour_master, visitor

router = APIRouter(prefix="/ships", tags=["ships"])


@router.get("")
def list_ships(user: dict | None = Depends(visitor)):
    return {"ships": [], "known": user is not None}


@router.post("", status_code=201)
def register(ship: Ship, user: CurrentUser):
    return {"name": ship.name, "owner": user["sub"]}


# The first route that fits is the one that answers.
@router.get("/{name}")
def find(name: str):
    return {"name": name}


@router.get("/mine")
def mine(user: CurrentUser):
    return {"owner": user["sub"]}


@router.delete("/{name}", dependencies=[Depends(harbour_master)])
def strike_off(name: str):
    return {"name": name}


router.add_api_route("/{name}/papers", find, methods=["GET", "HEAD"], dependencies=[Depends(current_user)])
