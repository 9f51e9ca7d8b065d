import { readUser } from "../../../lib/session";

export async function GET() {
  return Response.json([]);
}

export async function POST(request: Request) {
  const user = await readUser(request);
  if (!user) {
    return Response.json({ error: "sign in first" }, { status: 401 });
  }
  return Response.json(await request.json(), { status: 201 });
}
