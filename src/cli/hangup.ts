import process from "node:process";
import type { Host } from "../host/host.ts";
import { reportError } from "./report-error.ts";
import { tell } from "./terminal.ts";

/** Has a host go by its configuration anew at SIGHUP; one that cannot be used is told of, and nothing changes. Gives what ends that. */
export function reloadOnHangup(host: Host): () => void {
	const onHangup = (): void => {
		host
			.reload()
			.catch((thrown: unknown) => tell(`spear: the configuration before this one stays: ${reportError(thrown, "setup").text}\n`));
	};
	process.on("SIGHUP", onHangup);
	return () => process.off("SIGHUP", onHangup);
}
