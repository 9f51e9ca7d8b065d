const express = require("express");
const { requireUser } = require("../auth");

const parent = express.Router();
const early = express.Router();
const late = express.Router();

early.get("/summary", (req, res) => res.json({ total: 0 }));

// The child stands in front of its parent's guard.
parent.use("/early", early);
parent.use(requireUser);
parent.use("/late", late);

// A mounted router is live: this route is served, behind the guard.
late.get("/details", (req, res) => res.json({ rows: [] }));

module.exports = parent;
