from flask import Blueprint, jsonify
from flask.views import MethodView
from flask_jwt_extended import get_jwt_identity, jwt_required

bp = Blueprint("tours", __name__)


class Tours(MethodView):
    def get(self):
        return jsonify([])

    @jwt_required()
    def post(self):
        return jsonify(guide=get_jwt_identity()), 201


class Tour(MethodView):
    decorators = [jwt_required()]

    def get(self, number):
        return jsonify(number=number)

    def delete(self, number):
        return jsonify(number=number)


bp.add_url_rule("/", view_func=Tours.as_view("tours"))
bp.add_url_rule("/<int:number>", view_func=Tour.as_view("tour"))


@bp.get("/next")
@jwt_required(optional=True)
def upcoming():
    return jsonify(known=get_jwt_identity() is not None)
