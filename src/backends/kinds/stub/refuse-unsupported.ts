import type { Feature } from "../../../../generated/ir/operations.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";

/** @throws SpearError `missing_capabilities` if a request demands a feature that the stub does not offer. */
export function refuseUnsupported(demanded: Iterable<Feature>, { features }: OperationCapabilities): void {
	const missing = [...demanded].filter((feature) => !features.includes(feature));
	if (missing.length > 0) throw new SpearError("missing_capabilities", `the stub does not offer ${missing.join(", ")}`);
}
