import { PartSeal } from "../../src/normalize/part-seal.ts";

/** Seal of hosts in tests: a part that it seals is accepted by {@link stubScope}. */
export const TEST_SEAL = new PartSeal("the secret of the tests");
