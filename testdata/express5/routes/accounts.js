const express = require("express");
const { requireUser } = require("../auth");
const store = require("../store");

const router = express.Router();

router.use(requireUser);

router.get("/accounts/me", async (req, res) => {
  res.json(await store.ofOwner(req.user.id));
});

module.exports = router;
