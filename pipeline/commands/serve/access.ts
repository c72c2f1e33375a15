/** Who may ask what: a page of another site must not read reports through its visitor's browser. */

/** What a server is reached by. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Asked of everybody who is not on this machine; undefined where nobody else can come. */
  readonly token: string | undefined;
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const COOKIE = "reparam";

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host) || host === "::1";
}

/** The address of the page, for people. */
export function addressInWords({ host, port, token }: Address): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/${
    token === undefined ? "" : `?token=${token}`
  }`;
}

/**
 * Why a request is refused, or undefined. The `Host` that a browser names is checked against DNS rebinding, `Origin`
 * and `Sec-Fetch-Site` against other sites.
 */
export function refusal(request: Request, address: Address): { status: number; why: string } | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, why: "This server only shows: GET and HEAD are all it answers." };
  }
  const host = request.headers.get("host") ?? "";
  const hosts = [address.host, ...(isLoopback(address.host) ? LOOPBACK : [])];
  // Whoever has the token came by an address of this machine's that we cannot know.
  if (address.token === undefined && !hosts.some((name) => host === `${name}:${address.port}`)) {
    return { status: 403, why: "The address is not this server's." };
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) return { status: 403, why: "Another site asks." };
  const site = request.headers.get("sec-fetch-site");
  if (site === "cross-site" && request.headers.get("sec-fetch-mode") !== "navigate") {
    return { status: 403, why: "Another site asks." };
  }
  if (address.token !== undefined && !holds(request, address.token)) {
    return {
      status: 401,
      why: "The address needs its token: take it from the terminal that started the server.",
    };
  }
  return undefined;
}

/** The cookie that a browser is to keep the token in, where its request has it in the address. */
export function tokenCookie(request: Request, { token }: Address): string | undefined {
  if (token === undefined || new URL(request.url).searchParams.get("token") !== token) return undefined;
  return `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/`;
}

function holds(request: Request, token: string): boolean {
  const cookies = (request.headers.get("cookie") ?? "").split(/; */);
  const given = new URL(request.url).searchParams.get("token") ??
    cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";
  // As long for every wrong one, so that nothing is learnt from the time.
  let difference = given.length ^ token.length;
  for (let i = 0; i < token.length; i++) difference |= (given.charCodeAt(i) || 0) ^ token.charCodeAt(i);
  return difference === 0;
}
