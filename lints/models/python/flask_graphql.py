"""Graphene in Flask: a view that answers queries."""


class GraphQLView:
    @classmethod
    def as_view(cls, name, schema=None, **options):
        def view():
            return schema.server.serve()

        return view
