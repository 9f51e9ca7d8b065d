import { jwtVerify } from "jose";

const key = new TextEncoder().encode(process.env.JWT_KEY);

export async function readUser(request: Request) {
  const token = (request.headers.get("authorization") ?? "").replace("Bearer ", "");
  try {
    const { payload } = await jwtVerify(token, key);
    return payload;
  } catch {
    return null;
  }
}
