"""Templates that bind functions to addresses of a gateway: the Serverless Framework, and SAM.

Names below `internal` are described in `aws_lambda.toml`.
"""

from aws_lambda import gateway, internal

# ---------------------------------------------------------------------------------------- what both say


def _register(site, service, told, verb, address, check, handler):
    run = internal.exported(service, handler)
    # A function in another language.
    if run is None:
        return
    # It hands all requests to an application, whose endpoints are known by themselves.
    if not check and internal.is_adapter(run):
        return
    told.verb = "ANY" if verb == "*" else verb.upper()
    told.address = address
    told.check = check
    told.run = run if internal.is_seen(run) else unseen_function
    site.register(told)


def unseen_function(event, context):
    internal.unseen("the function")


def unseen_authorizer(event, context):
    internal.unseen("the authorizer")


# ---------------------------------------------------------------------------------------- serverless.yml


def start_serverless(service):
    provider = service.get("provider")
    if provider and not internal.is_text(provider) and provider.get("name") != "aws":
        return
    site = internal.Gateway()
    for name, told in service["functions"].items():
        if told.get("handler"):
            _add_function(site, service, told)
        else:
            # A list of such tables.
            for inner, one in told.items():
                _add_function(site, service, one)


def _add_function(site, service, told):
    for event in told.get("events") or []:
        if event.get("http"):
            _add_http(site, service, told, event["http"])
        if event.get("httpApi"):
            _add_http(site, service, told, event["httpApi"])


def _add_http(site, service, told, http):
    if internal.is_text(http):
        words = http.split(" ")
        verb, address = "*", "/{proxy+}"
        for second in words[1:]:
            verb, address = words[0], second
        _register(site, service, told, verb, address, None, told["handler"])
        return
    check = None
    if http.get("authorizer"):
        check = _check_of(http["authorizer"])
    elif http.get("private"):
        check = gateway.authorize("key")
    _register(site, service, http, http.get("method") or "*", http["path"], check, told["handler"])


def _check_of(authorizer):
    """A variable may stand for anything."""
    name = authorizer
    if not internal.is_text(authorizer):
        name = authorizer.get("name") or authorizer.get("id") or authorizer.get("arn") or authorizer.get("type")
    if not name or name.startswith("${"):
        return unseen_authorizer
    return gateway.authorize(authorizer)


# ---------------------------------------------------------------------------------------- SAM


def start_template(template):
    site = internal.Gateway()
    shared = template.get("Globals") or {}
    function = shared.get("Function") or {}
    for name, resource in template["Resources"].items():
        if resource.get("Type") == "AWS::Serverless::Function":
            own = resource.get("Properties") or {}
            folder = own.get("CodeUri") or function.get("CodeUri") or ""
            handler = own.get("Handler") or function.get("Handler")
            if internal.is_text(folder) and folder:
                handler = folder + "/" + handler
            for title, event in (own.get("Events") or {}).items():
                if event.get("Type") == "Api":
                    _add_event(site, template, event, shared.get("Api") or {}, handler)
                if event.get("Type") == "HttpApi":
                    _add_event(site, template, event, shared.get("HttpApi") or {}, handler)


def _add_event(site, template, event, shared, handler):
    told = event.get("Properties") or {}
    auth = told.get("Auth") or {}
    reference = told.get("RestApiId") or told.get("ApiId")
    general = shared.get("Auth") or {}
    check = None
    if reference:
        name = reference if internal.is_text(reference) else reference.get("Ref") or reference.get("!Ref")
        api = getattr(template["Resources"], name, None) if name else None
        if api:
            properties = api.get("Properties") or {}
            general = properties.get("Auth") or general
        else:
            check = unseen_authorizer
    authorizer = auth.get("Authorizer") or general.get("DefaultAuthorizer")
    key = auth.get("ApiKeyRequired")
    if key is None:
        key = general.get("ApiKeyRequired")
    if authorizer and authorizer != "NONE" or key:
        check = gateway.authorize(authorizer)
    _register(site, template, told, told.get("Method") or "*", told.get("Path") or "/{proxy+}", check, handler)
