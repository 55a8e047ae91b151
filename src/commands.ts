/** The commands of this package. */
export namespace CommandIDs {
  export const toggleNotebook = 'ipynb-telemetry:toggle-notebook';
  export const changeStudent = 'ipynb-telemetry:change-student';
  export const withdrawConsent = 'ipynb-telemetry:withdraw-consent';
  export const showActivity = 'ipynb-telemetry:show-activity';
  export const openClassView = 'ipynb-telemetry:open-class-view';
  export const saveOutline = 'ipynb-telemetry:save-outline';
  export const sendTestEvent = 'ipynb-telemetry:send-test-event';
  export const sendNow = 'ipynb-telemetry:send-now';
  export const seeMyRecords = 'ipynb-telemetry:see-my-records';
  export const pause = 'ipynb-telemetry:pause';
  export const goOn = 'ipynb-telemetry:go-on';
  export const takeAlong = 'ipynb-telemetry:take-along';
  export const forgetMe = 'ipynb-telemetry:forget-me';
  export const exportUndelivered = 'ipynb-telemetry:export-undelivered';
}

/** What a command says that takes no arguments. */
export const NO_ARGUMENTS = { args: { type: 'object', properties: {} } };
