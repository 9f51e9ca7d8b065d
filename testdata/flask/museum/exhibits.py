from flask import Blueprint, g, jsonify, request

from .auth import curator_required, remember_user

bp = Blueprint("exhibits", __name__, url_prefix="/exhibits")
bp.before_request(remember_user)


@bp.get("/")
def all_exhibits():
    return jsonify(exhibits=[], known=g.user is not None)


@bp.post("/")
@curator_required
def acquire():
    return jsonify(name=request.json["name"]), 201


# The decorator stands above the route, so the route knows nothing of it.
@curator_required
@bp.delete("/<int:number>")
def sell(number):
    return jsonify(number=number)


# The most definite route answers, wherever it stands.
@bp.get("/<name>")
def find(name):
    return jsonify(name=name)


@bp.get("/stolen")
@curator_required
def stolen():
    return jsonify([])


bp.add_url_rule("/labels", "labels", curator_required(lambda: jsonify([])), methods=["GET", "PUT"])
