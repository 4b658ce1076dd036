import { aligned } from "../aligned.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Returns a line for each check, with the remedy of a fault, and a line of sums. */
export function describeDoctor(checks: readonly DoctorCheck[]): string {
	const rows = checks.map(({ status, area, name, message, remedy }) => [
		status,
		area,
		area === name ? "" : name,
		remedy === undefined ? message : `${message} → ${remedy}`,
	]);
	const [problems, warnings] = (["problem", "warning"] as const).map((status) => checks.filter((check) => check.status === status).length);
	return `${aligned(rows)}\n${count(problems, "problem")}, ${count(warnings, "warning")}\n`;
}

function count(number = 0, name: string): string {
	return `${number === 0 ? "no" : number} ${name}${number === 1 ? "" : "s"}`;
}
