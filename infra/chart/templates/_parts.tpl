{{- /* What the workloads share. */ -}}

{{- define "rethinking.name" -}}
{{- if gt (len .Release.Name) 40 }}{{ fail (printf "The release's name %s is longer than 40 characters: choose a shorter one." .Release.Name) }}{{ end -}}
{{ .Release.Name }}
{{- end }}

{{- define "rethinking.selector" -}}
app.kubernetes.io/name: rethinking
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "rethinking.labels" -}}
{{ include "rethinking.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "rethinking.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "rethinking.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- /* Longer than worker/shutdown.ts lets a worker take: two minutes. */ -}}
{{- define "rethinking.graceSeconds" -}}
150
{{- end }}

{{- /* Where Temporal and S3 are, in the standard variables; secrets by reference. */ -}}
{{- define "rethinking.services" -}}
- { name: TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }} }
- { name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }} }
{{- if ne .Values.temporal.auth "none" }}
- { name: TEMPORAL_TLS, value: "true" }
{{- with .Values.temporal.serverName }}
- { name: TEMPORAL_TLS_SERVER_NAME, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- if eq .Values.temporal.auth "apiKey" }}
- name: TEMPORAL_API_KEY
  valueFrom: { secretKeyRef: { name: {{ .Values.temporal.apiKey.existingSecret }}, key: {{ .Values.temporal.apiKey.key }} } }
{{- end }}
{{- if eq .Values.temporal.auth "mtls" }}
- { name: TEMPORAL_TLS_CLIENT_CERT_PATH, value: /var/run/temporal-tls/tls.crt }
- { name: TEMPORAL_TLS_CLIENT_KEY_PATH, value: /var/run/temporal-tls/tls.key }
{{- if .Values.temporal.mtls.certificateAuthority }}
- { name: TEMPORAL_TLS_SERVER_CA_CERT_PATH, value: /var/run/temporal-tls/ca.crt }
{{- end }}
{{- end }}
- { name: RETHINKING_BUCKET, value: {{ .Values.store.bucket | quote }} }
- { name: AWS_REGION, value: {{ .Values.store.region | quote }} }
{{- with .Values.store.endpoint }}
- { name: AWS_ENDPOINT_URL_S3, value: {{ . | quote }} }
{{- end }}
- { name: AWS_REQUEST_CHECKSUM_CALCULATION, value: {{ .Values.store.checksums }} }
{{- with .Values.store.existingSecret }}
{{- range $variable := list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" }}
- name: {{ $variable }}
  valueFrom: { secretKeyRef: { name: {{ $.Values.store.existingSecret }}, key: {{ $variable }} } }
{{- end }}
{{- end }}
{{- end }}

{{- define "rethinking.worker" -}}
{{ include "rethinking.services" . }}
- { name: RETHINKING_HEARTBEAT_SECONDS, value: {{ .Values.heartbeatSeconds | quote }} }
{{- if .Values.versioning.buildId }}
- { name: TEMPORAL_DEPLOYMENT_NAME, value: {{ .Values.versioning.deployment | quote }} }
- { name: TEMPORAL_WORKER_BUILD_ID, value: {{ .Values.versioning.buildId | quote }} }
{{- end }}
{{- if .Values.metrics.enabled }}
# Of the pod alone; the network policy says who may come.
- { name: RETHINKING_METRICS_ADDRESS, value: "0.0.0.0:9464" }
{{- end }}
{{- with .Values.environment }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* The port that worker/metrics/endpoint.ts gives each role. */ -}}
{{- define "rethinking.metricsPort" -}}
{{ ternary "9464" "9465" (eq . "light") }}
{{- end }}

{{- define "rethinking.metricsAnnotations" -}}
prometheus.io/scrape: "true"
prometheus.io/port: {{ include "rethinking.metricsPort" . | quote }}
{{- end }}

{{- define "rethinking.metricsPorts" -}}
ports: [{ name: metrics, containerPort: {{ include "rethinking.metricsPort" . }} }]
{{- end }}

{{- define "rethinking.mounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if eq .Values.temporal.auth "mtls" }}
- { name: temporal-tls, mountPath: /var/run/temporal-tls, readOnly: true }
{{- end }}
{{- end }}

{{- define "rethinking.volumes" -}}
- { name: tmp, emptyDir: { sizeLimit: 1Gi } }
{{- if eq .Values.temporal.auth "mtls" }}
- { name: temporal-tls, secret: { secretName: {{ .Values.temporal.mtls.existingSecret }}, defaultMode: 0440 } }
{{- end }}
{{- end }}

{{- /* The file is fresh while the worker polls (worker/pulse.ts): no port is opened for a probe. */ -}}
{{- define "rethinking.probes" -}}
startupProbe:
  exec: { command: &fresh [sh, -c, 'test -n "$(find "$RETHINKING_PULSE_FILE" -newermt "60 seconds ago")"'] }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 60
readinessProbe:
  exec: { command: [sh, -c, 'test -n "$(find "$RETHINKING_PULSE_FILE" -newermt "30 seconds ago")"'] }
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  exec: { command: *fresh }
  periodSeconds: 20
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}

{{- /* What every trigger says of Temporal. */ -}}
{{- define "rethinking.trigger" -}}
endpoint: {{ .Values.temporal.address | quote }}
namespace: {{ .Values.temporal.namespace | quote }}
{{- with .Values.temporal.serverName }}
tlsServerName: {{ . | quote }}
{{- end }}
{{- if .Values.versioning.buildId }}
workerDeploymentName: {{ .Values.versioning.deployment | quote }}
workerDeploymentBuildId: {{ .Values.versioning.buildId | quote }}
{{- end }}
{{- end }}

{{- define "rethinking.pod" -}}
serviceAccountName: {{ include "rethinking.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "rethinking.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- end }}
