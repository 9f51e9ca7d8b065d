const jwt = require("jsonwebtoken");

function requireUser(req, res, next) {
  const token = (req.headers.authorization || "").replace("Bearer ", "");
  try {
    req.user = jwt.verify(token, process.env.JWT_KEY, { algorithms: ["HS256"] });
  } catch {
    return res.status(401).json({ error: "sign in first" });
  }
  next();
}

function requireAdmin(req, res, next) {
  if (!req.user || req.user.role !== "admin") {
    return res.status(403).json({ error: "administrators only" });
  }
  next();
}

module.exports = { requireUser, requireAdmin };
