"""Strawberry in Django: the views that answer queries."""

from django.views import View


class GraphQLView(View):
    schema = None

    def dispatch(self, request, *args, **kwargs):
        return self.schema.server.serve()


class AsyncGraphQLView(GraphQLView):
    pass
