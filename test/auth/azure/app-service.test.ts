import { managedIdentityTests } from "./managed-identity-tests.ts";

managedIdentityTests(({ appServiceVariables }) => appServiceVariables);
