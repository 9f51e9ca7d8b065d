from fastapi import APIRouter, Depends

from ..security import current_user

router = APIRouter(prefix="/berths", dependencies=[Depends(current_user)])
weather = APIRouter(prefix="/weather")


@router.get("")
def list_berths():
    return []


@router.put("/{number}")
def reserve(number: int):
    return {"number": number}


# A router that is included in another one stands behind its dependencies, too.
@weather.get("/today")
def today():
    return {"wind": 3}


router.include_router(weather)
