import { test } from "uvu";
import { conformanceCases, registerCases } from "../../../../src/backend-conformance.ts";
import { STREAM_ENDS } from "../../../helpers/full-run.ts";
import { fixture } from "./conformance-fixture.ts";

registerCases(test, conformanceCases(fixture, STREAM_ENDS));

test.run();
