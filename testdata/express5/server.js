const express = require("express");
const { rateLimit } = require("express-rate-limit");
const { requireUser, requireAdmin } = require("./auth");
const accounts = require("./routes/accounts");
const orders = require("./routes/orders");
const reports = require("./routes/reports");

const app = express();
app.use(express.json({ limit: "100kb" }));

// routeward: public probes have no account
app.get("/health", (req, res) => res.json({ ok: true }));

const slowly = rateLimit({ windowMs: 60_000, limit: 10 });
app.post("/login", slowly, (req, res) => res.json({ token: "" }));
app.post("/password-reset", (req, res) => res.status(202).end());

// Above its guard.
app.get("/admin/early", (req, res) => res.json({}));
app.use("/admin", requireUser, requireAdmin);
app.get("/ADMIN/users", (req, res) => res.json([]));
app.get("/admin/", (req, res) => res.json({}));
app.get("/administrators", (req, res) => res.json([]));

// The wildcard needs something to match.
app.all("/staff/*rest", requireUser);
app.get("/staff", (req, res) => res.json([]));
app.get("/staff/list", (req, res) => res.json([]));

// One router, two mounts, one guard.
app.use("/v1/orders", requireUser, orders);
app.use("/v2/orders", orders);

app.use("/reports", reports);

// The guard of a chain stands before what follows it only.
app
  .route("/notes")
  .get((req, res) => res.json([]))
  .all(requireUser)
  .post((req, res) => res.status(201).json(req.body));

// The first route that fits is the one that answers.
app.get("/items/:id", (req, res) => res.json({ id: req.params.id }));
app.get("/items/mine", requireUser, (req, res) => res.json([]));

for (const name of ["invoices", "refunds"]) {
  app.get(`/billing/${name}`, requireUser, (req, res) => res.json([]));
}

// The guard of a router that is mounted at the root guards all that follows, also what does not exist.
app.use(accounts);
app.get("/export", (req, res) => res.json([]));

app.use((error, req, res, next) => {
  res.status(500).json({ error: "something went wrong" });
});

app.listen(process.env.PORT || 3000, process.env.HOST);
