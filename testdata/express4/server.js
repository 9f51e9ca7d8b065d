const express = require("express");
const jwt = require("jsonwebtoken");

const app = express();
const api = express.Router();
const tickets = express.Router({ mergeParams: true });

const guard = (req, res, next) => {
  jwt.verify(req.get("x-token"), process.env.JWT_KEY, { algorithms: ["HS256"] }, (error, claims) => {
    if (error) return res.sendStatus(401);
    req.user = claims;
    next();
  });
};

// Answers, and goes on all the same.
const warn = (req, res, next) => {
  if (!req.get("x-token")) res.set("x-warning", "anonymous");
  next();
};

app.use(express.json());
app.get("/", (req, res) => res.send("desk"));

// In this version the name behind the star is text, so this covers /team/...rest only.
app.all("/team/*rest", guard);
app.get("/team/members", (req, res) => res.json([]));

// And this covers everything below.
app.all("/office/*", guard);
app.get("/office/rooms", (req, res) => res.json([]));
app.get("/office", (req, res) => res.json([]));

app.get("/search/:term?", warn, (req, res) => res.json([req.params.term || ""]));

// A path may be a list, and so may a chain.
app.get(["/me", "/profile"], [guard], (req, res) => res.json({ id: req.user.id }));

// `next("route")` leaves the chain before the guard.
app.get(
  "/status",
  (req, res, next) => (req.query.deep ? next() : next("route")),
  guard,
  (req, res) => res.json({ deep: true }),
);
app.get("/status", (req, res) => res.json({ deep: false }));

tickets.get("/", (req, res) => res.json([]));
tickets.post("/", (req, res) => res.status(201).json({ desk: req.params.desk }));

api.use(guard);
api.use("/desks/:desk/tickets", tickets);
app.use("/api", api);

// The same tickets by a second way.
app.use("/public/:desk/tickets", tickets);

// Nobody gets through.
app.use("/internal", (req, res) => res.status(403).end());
app.get("/internal/metrics", (req, res) => res.json({}));

app.use(guard);
app.get("/last", (req, res) => res.json({}));

app.listen(process.env.PORT || 3000, process.env.HOST);
