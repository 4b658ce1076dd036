import process from "node:process";
import type { Host } from "../host/host.ts";
import { reportError } from "./report-error.ts";
import { printToStderr } from "./terminal.ts";

/**
 * Reloads the configuration of a host at SIGHUP. A configuration that cannot be used is reported, and the current one stays. Returns a
 * function that stops this.
 */
export function reloadOnHangup(host: Host): () => void {
	const onHangup = (): void => {
		host
			.reload()
			.catch((thrown: unknown) => printToStderr(`spear: the current configuration stays: ${reportError(thrown, "setup").text}\n`));
	};
	process.on("SIGHUP", onHangup);
	return () => process.off("SIGHUP", onHangup);
}
