import { managedIdentityTests } from "./managed-identity-tests.ts";

managedIdentityTests(({ imdsVariables }) => imdsVariables);
