import { test } from "uvu";
import { conformanceCases, registerCases } from "../../../../src/backend-conformance.ts";
import { fixture } from "./conformance-fixture.ts";

registerCases(test, conformanceCases(fixture));

test.run();
