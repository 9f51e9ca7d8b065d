import { serve } from "@hono/node-server";
import { Hono } from "hono";
import jwt from "jsonwebtoken";

const guard = async (c, next) => {
  try {
    c.set("user", jwt.verify(c.req.header("x-token") ?? "", process.env.JWT_KEY, { algorithms: ["HS256"] }));
  } catch {
    return c.json({ error: "sign in first" }, 401);
  }
  await next();
};

const app = new Hono();

app.get("/health", (c) => c.text("ok"));

// Above its guard.
app.get("/admin/early", (c) => c.json({}));
app.use("/admin/*", guard);
app.get("/admin", (c) => c.json({}));
app.get("/admin/users", (c) => c.json([]));
app.get("/ADMIN/users", (c) => c.json([]));

// Without a star, this is one address.
app.use("/depots", guard);
app.get("/depots", (c) => c.json([]));
app.get("/depots/:id", (c) => c.json({ id: c.req.param("id") }));

const parcels = new Hono();
parcels.get("/", (c) => c.json([]));
parcels.post("/", guard, (c) => c.json({}, 201));
app.route("/parcels", parcels);

const tours = new Hono().basePath("/tours");
tours.use(guard);
tours.get("/:id", (c) => c.json({ id: c.req.param("id") }));
app.route("/", tours);

app.on(["PUT", "PATCH"], "/stops/:id", guard, (c) => c.json({}));

// The guard of an application that is mounted at the root guards all that follows.
const accounts = new Hono();
accounts.use("*", guard);
accounts.get("/me", (c) => c.json({}));
app.route("/", accounts);
app.get("/export", (c) => c.json([]));

serve({ fetch: app.fetch, port: Number(process.env.PORT || 3000), hostname: process.env.HOST });
