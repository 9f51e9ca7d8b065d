const express = require("express");
const store = require("../store");

const router = express.Router();

router.get("/", async (req, res) => {
  res.json(await store.all());
});

router.delete("/:id", async (req, res) => {
  await store.remove(req.params.id);
  res.status(204).end();
});

module.exports = router;
