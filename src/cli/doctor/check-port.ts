import { createServer } from "node:net";
import type { DoctorCheck } from "./doctor-check.ts";

/** Addresses of a server: all of the machine, and the one that only this machine reaches. */
const ADDRESSES = [undefined, "127.0.0.1"] as const;

/** Reasons by the error code of the operating system. */
const REASONS: Readonly<Record<string, string>> = {
	EADDRINUSE: "in use by another program",
	EACCES: "this user may not listen on it",
};

/** Checks that a TCP port is free, by listening for a moment. */
export async function checkPort(port: number): Promise<DoctorCheck> {
	const name = String(port);
	for (const address of ADDRESSES) {
		const code = await listen(port, address);
		if (code === undefined) continue;
		const remedy =
			code === "EADDRINUSE" ? `end that program (\`lsof -i :${port}\` names it), or use another port` : "use a port above 1023";
		return { area: "port", name, status: "problem", message: REASONS[code] ?? `it cannot be used: ${code}`, remedy };
	}
	return { area: "port", name, status: "ok", message: "free (spear itself listens on no port yet)" };
}

/** Returns the code of the failure, or `undefined` for a port that can be listened on. */
function listen(port: number, host: string | undefined): Promise<string | undefined> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", (fault) => resolve("code" in fault ? String(fault.code) : "unknown"));
		server.listen({ port, exclusive: true, ...(host === undefined ? {} : { host }) }, () => server.close(() => resolve(undefined)));
	});
}
