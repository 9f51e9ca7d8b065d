const Koa = require("koa");
const Router = require("@koa/router");
const jwt = require("jsonwebtoken");

const app = new Koa();

async function guard(ctx, next) {
  try {
    ctx.state.user = jwt.verify(ctx.get("x-token"), process.env.JWT_KEY, { algorithms: ["HS256"] });
  } catch {
    ctx.throw(401, "sign in first");
  }
  await next();
}

const plants = new Router({ prefix: "/plants" });
plants.get("/", (ctx) => {
  ctx.body = [];
});
// Below the first route, above the second.
plants.use(guard);
plants.get("/:id", (ctx) => {
  ctx.body = { id: ctx.params.id };
});
plants.delete("/:id", (ctx) => {
  ctx.body = {};
});

const seeds = new Router();
seeds.get("/list", (ctx) => {
  ctx.body = [];
});

const beds = new Router({ prefix: "/beds" });
// Routes are copied when a router is nested: what the parent gets later is not theirs.
beds.use("/early", seeds.routes());
beds.use(guard);
beds.use("/late", seeds.routes());

const open = new Router();
open.get("/health", (ctx) => {
  ctx.body = "ok";
});
open.post("/tools", guard, (ctx) => {
  ctx.body = {};
});

app.use(open.routes());
app.use(plants.routes());
app.use(beds.routes());
app.use(guard);

const last = new Router();
last.get("/harvest", (ctx) => {
  ctx.body = [];
});
app.use(last.routes());

app.listen(process.env.PORT || 3000, process.env.HOST);
