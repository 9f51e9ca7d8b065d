// Templates that bind functions to addresses of a gateway: the Serverless Framework, and SAM.
//
// Names below `internal` are described in `aws-lambda.toml`.

import { gateway, internal } from "aws-lambda";

// ---------------------------------------------------------------------------------------- what both say

function register(site, service, told, verb, address, check, handler) {
  const run = internal.exported(service, handler);
  // A function in another language.
  if (run === null) {
    return;
  }
  // It hands all requests to an application, whose endpoints are known by themselves.
  if (!check && internal.isAdapter(run)) {
    return;
  }
  told.verb = verb === "*" ? "ANY" : verb.toUpperCase();
  told.address = address;
  told.check = check;
  told.run = internal.isSeen(run) ? run : unseenFunction;
  site.register(told);
}

function unseenFunction(event, context) {
  internal.unseen("the function");
}

function unseenAuthorizer(event, context) {
  internal.unseen("the authorizer");
}

// ---------------------------------------------------------------------------------------- serverless.yml

export function startServerless(service) {
  if (service.provider && service.provider.name && service.provider.name !== "aws") {
    return;
  }
  const site = new internal.Gateway();
  for (const [name, told] of Object.entries(service.functions)) {
    if (told.handler) {
      addFunction(site, service, told);
    } else {
      // A list of such objects.
      for (const [inner, one] of Object.entries(told)) {
        addFunction(site, service, one);
      }
    }
  }
}

function addFunction(site, service, told) {
  for (const event of told.events || []) {
    if (event.http) {
      addHttp(site, service, told, event.http);
    }
    if (event.httpApi) {
      addHttp(site, service, told, event.httpApi);
    }
  }
}

function addHttp(site, service, told, http) {
  if (internal.isText(http)) {
    const words = http.split(" ");
    if (words.length === 2) {
      register(site, service, told, words[0], words[1], undefined, told.handler);
    } else {
      register(site, service, told, "*", "/{proxy+}", undefined, told.handler);
    }
    return;
  }
  let check = undefined;
  if (http.authorizer) {
    check = checkOf(http.authorizer);
  } else if (http.private) {
    check = gateway.authorize("key");
  }
  register(site, service, http, http.method || "*", http.path, check, told.handler);
}

// A variable may stand for anything.
function checkOf(authorizer) {
  const name = internal.isText(authorizer) ? authorizer : authorizer.name || authorizer.id || authorizer.arn || authorizer.type;
  if (!name || name.startsWith("${")) {
    return unseenAuthorizer;
  }
  return gateway.authorize(authorizer);
}

// ---------------------------------------------------------------------------------------- SAM

export function startTemplate(template) {
  const site = new internal.Gateway();
  const resources = template.Resources;
  const globals = template.Globals || {};
  for (const [name, resource] of Object.entries(resources)) {
    if (resource.Type === "AWS::Serverless::Function") {
      const own = resource.Properties || {};
      const shared = globals.Function || {};
      const folder = own.CodeUri || shared.CodeUri || "";
      const handler = own.Handler || shared.Handler;
      for (const [title, event] of Object.entries(own.Events || {})) {
        if (event.Type === "Api" || event.Type === "HttpApi") {
          addEvent(site, template, event, globals, internal.isText(folder) ? folder + "/" + handler : handler);
        }
      }
    }
  }
}

function addEvent(site, template, event, globals, handler) {
  const told = event.Properties || {};
  const auth = told.Auth || {};
  const reference = told.RestApiId || told.ApiId;
  const shared = (event.Type === "Api" ? globals.Api : globals.HttpApi) || {};
  let general = shared.Auth || {};
  let check = undefined;
  if (reference) {
    const name = internal.isText(reference) ? reference : reference.Ref || reference["!Ref"];
    const api = name ? template.Resources[name] : undefined;
    if (api) {
      const properties = api.Properties || {};
      general = properties.Auth || general;
    } else {
      check = unseenAuthorizer;
    }
  }
  const authorizer = auth.Authorizer || general.DefaultAuthorizer;
  const key = auth.ApiKeyRequired === undefined ? general.ApiKeyRequired : auth.ApiKeyRequired;
  if (authorizer && authorizer !== "NONE" || key) {
    check = gateway.authorize(authorizer);
  }
  register(site, template, told, told.Method || "*", told.Path || "/{proxy+}", check, handler);
}
