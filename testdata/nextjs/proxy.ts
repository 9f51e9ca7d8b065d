import { NextResponse, type NextRequest } from "next/server";

import { readUser } from "./lib/session";

export async function proxy(request: NextRequest) {
  if (!(await readUser(request))) {
    return NextResponse.json({ error: "sign in first" }, { status: 401 });
  }
  return NextResponse.next();
}

export const config = { matcher: ["/api/screens/:path*", "/api/legacy"] };
