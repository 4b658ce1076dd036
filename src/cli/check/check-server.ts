import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { AgentSettings, ServeSettings } from "../../config/serve-settings.ts";
import { fileFault } from "../../errors/file-fault.ts";
import type { SecretSources } from "../../host/secret-sources.ts";
import { readServerKeys } from "../../host/serving.ts";
import { readTlsFiles } from "../../serve/listener/tls-files.ts";
import { type DoctorCheck, failedCheck, withRemedy } from "../doctor/doctor-check.ts";

/** Checks keys, certificate and components that `spear serve` would use. What can be used adds no check. Repeats no key. */
export async function checkServer(settings: ServeSettings, secrets: SecretSources): Promise<DoctorCheck[]> {
	const { faults } = readServerKeys(settings, secrets);
	const keys = faults.map((fault): DoctorCheck => {
		const end = fault.indexOf(": ");
		const [name, text] = [fault.slice(0, end), fault.slice(end + 2)];
		return { area: "server", name, status: "problem", ...withRemedy(text, "set the key, at least 16 random characters") };
	});
	const agents = await Promise.all([...settings.agents.values()].map(checkAgent));
	return [...keys, ...checkTls(settings.server.tls), ...agents.flat()];
}

function checkTls(tls: ServeSettings["server"]["tls"]): DoctorCheck[] {
	try {
		if (tls !== undefined) readTlsFiles(tls);
		return [];
	} catch (thrown) {
		return [failedCheck("server", "[server] TLS", thrown, "correct tls_cert_file and tls_key_file")];
	}
}

async function checkAgent({ name, component }: AgentSettings): Promise<DoctorCheck[]> {
	const fault = await access(component, constants.R_OK).then(() => undefined, fileFault);
	if (fault === undefined) return [];
	const remedy = "build the guest with `spear build`, or correct component";
	return [{ area: "agent", name, status: "problem", message: `${component}: ${fault}`, remedy }];
}
