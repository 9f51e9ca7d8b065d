const fp = require("fastify-plugin");
const jwt = require("jsonwebtoken");

async function verify(request, reply) {
  try {
    request.user = jwt.verify(request.headers.authorization || "", process.env.JWT_KEY, { algorithms: ["HS256"] });
  } catch {
    return reply.code(401).send({ error: "sign in first" });
  }
}

// Wrapped, the hook belongs to whoever registers the plugin; unwrapped, to the plugin alone.
module.exports = {
  verify,
  shared: fp(async (instance) => instance.addHook("onRequest", verify)),
  alone: async (instance) => instance.addHook("onRequest", verify),
};
