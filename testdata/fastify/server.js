const fastify = require("fastify")();
const { verify, shared, alone } = require("./auth");

fastify.get("/health", async () => ({ ok: true }));

// A plugin is a scope of its own, and its hook covers the routes above it, too.
fastify.register(
  async (books) => {
    books.get("/", async () => []);
    books.get("/:isbn", async (request) => ({ isbn: request.params.isbn }));
    books.addHook("onRequest", verify);
    books.register(async (loans) => loans.get("/:isbn/loans", async () => []));
  },
  { prefix: "/books" },
);

// The hook of a plugin that is not wrapped stays inside.
fastify.register(
  async (staff) => {
    staff.register(alone);
    staff.get("/", async () => []);
  },
  { prefix: "/staff" },
);

// The hook of one that is wrapped comes out, into this scope and no further.
fastify.register(
  async (members) => {
    members.get("/", async () => []);
    members.register(shared);
  },
  { prefix: "/members" },
);

const shelf = {
  schema: { body: { type: "object", required: ["name"], properties: { name: { type: "string" } } } },
};
fastify.post("/shelves", { ...shelf, onRequest: verify }, async (request) => ({ name: request.body.name }));
fastify.post("/wishes", shelf, async (request) => ({ name: request.body.name }));

fastify.route({
  method: ["GET", "DELETE"],
  url: "/cards/:id",
  preHandler: [verify],
  handler: async (request) => ({ id: request.params.id }),
});

fastify.listen({ port: Number(process.env.PORT || 3000), host: process.env.HOST });
