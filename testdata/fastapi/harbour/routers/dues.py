from fastapi import APIRouter

# Unguarded by itself: whoever includes it says who may come in.
router = APIRouter()


@router.get("/dues")
async def list_dues():
    return []


@router.delete("/dues/{number}")
async def waive(number: int):
    return {"number": number}
