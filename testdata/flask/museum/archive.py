from flask import Blueprint, jsonify

from .auth import demand_user

# What stands before the requests of one blueprint stands before those of the blueprints in it, and of no other.
bp = Blueprint("archive", __name__)
letters = Blueprint("letters", __name__, url_prefix="/letters")


@bp.route("/")
def index():
    return jsonify([])


@bp.before_request
def keep_out():
    return demand_user()


@letters.route("/<path:name>", methods=["GET", "DELETE"])
def letter(name):
    return jsonify(name=name)


bp.register_blueprint(letters)
