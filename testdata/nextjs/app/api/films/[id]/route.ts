import { readUser } from "../../../../lib/session";

type Context = { params: Promise<{ id: string }> };

// Looks at the user, and goes on without one.
export async function GET(request: Request, { params }: Context) {
  const user = await readUser(request);
  const { id } = await params;
  return Response.json({ id, seen: user !== null });
}

export async function DELETE(request: Request, { params }: Context) {
  const { id } = await params;
  return Response.json({ id });
}
