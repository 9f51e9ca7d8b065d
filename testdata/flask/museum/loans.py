from flask import Blueprint, abort, jsonify, request

from .auth import read_token

bp = Blueprint("loans", __name__, url_prefix="/loans")


@bp.before_app_request
def guard_the_vault():
    if request.path.startswith("/vault"):
        try:
            read_token()
        except Exception:
            abort(401)


@bp.get("/")
def all_loans():
    return jsonify([])


# It is the whole application that the function above stands before.
vault = Blueprint("vault", __name__, url_prefix="/vault")


@vault.get("/keys")
def keys():
    return jsonify([])

