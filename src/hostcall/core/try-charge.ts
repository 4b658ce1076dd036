import { ENOMEM } from "../../../generated/hostcall/core/errno.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Charge } from "../../memory/charge.ts";

/** Charges bytes that a guest asks the host to hold. Returns `enomem` if the account of the guest has no room for them. */
export function tryCharge(charge: Charge, bytes: number): 0 | typeof ENOMEM {
	try {
		charge.add(bytes);
		return 0;
	} catch (thrown) {
		if (thrown instanceof SpearError) return ENOMEM;
		throw thrown;
	}
}
