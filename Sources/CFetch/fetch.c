// libcurl's easy interface is variadic, which Swift cannot call, and linking it would load some twenty libraries into
// every start of the program: it is opened here when something is to be fetched.
#include "CFetch.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static struct {
  CURLcode (*global_init)(long);
  CURL *(*easy_init)(void);
  CURLcode (*setopt)(CURL *, CURLoption, ...);
  CURLcode (*perform)(CURL *);
  CURLcode (*getinfo)(CURL *, CURLINFO, ...);
  void (*cleanup)(CURL *);
  const char *(*strerror)(CURLcode);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
} curl;

static int open_library(void) {
  static int is_open;
  if (is_open) return 1;
  const char *names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
  void *library = 0;
  for (int i = 0; i < 2 && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
  *(void **)&curl.global_init = dlsym(library, "curl_global_init");
  *(void **)&curl.easy_init = dlsym(library, "curl_easy_init");
  *(void **)&curl.setopt = dlsym(library, "curl_easy_setopt");
  *(void **)&curl.perform = dlsym(library, "curl_easy_perform");
  *(void **)&curl.getinfo = dlsym(library, "curl_easy_getinfo");
  *(void **)&curl.cleanup = dlsym(library, "curl_easy_cleanup");
  *(void **)&curl.strerror = dlsym(library, "curl_easy_strerror");
  *(void **)&curl.slist_append = dlsym(library, "curl_slist_append");
  *(void **)&curl.slist_free_all = dlsym(library, "curl_slist_free_all");
  if (!curl.global_init || !curl.easy_init || !curl.setopt || !curl.perform || !curl.getinfo || !curl.cleanup ||
      !curl.strerror || !curl.slist_append || !curl.slist_free_all)
    return 0;
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return 0;
  is_open = 1;
  return 1;
}

typedef struct {
  const weft_fetch_request *request;
  weft_fetch_result *result;
  CURL *handle;
  /// Where this answer's bytes begin in the file.
  int64_t start;
  int has_begun;
} transfer;

/// Decides, at the first byte, whether the answer is the rest of the file or all of it.
static int begin(transfer *t) {
  long status = 0;
  curl.getinfo(t->handle, CURLINFO_RESPONSE_CODE, &status);
  t->start = status == 206 ? t->request->offset : 0;
  if (t->start == 0 && t->request->offset > 0 && ftruncate(t->request->descriptor, 0) != 0) return 0;
  if (lseek(t->request->descriptor, t->start, SEEK_SET) < 0) return 0;
  t->has_begun = 1;
  return 1;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context) {
  transfer *t = context;
  size_t length = size * count, done = 0;
  if (!t->has_begun && !begin(t)) {
    t->result->number = errno;
    return 0;
  }
  while (done < length) {
    ssize_t step = write(t->request->descriptor, bytes + done, length - done);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) {
      t->result->number = step < 0 ? errno : EIO;
      return done;
    }
    done += (size_t)step;
  }
  return length;
}

/// Keeps the value of one header; every new answer (after a redirect) starts anew.
static size_t on_header(char *line, size_t size, size_t count, void *context) {
  transfer *t = context;
  size_t length = size * count;
  if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0) t->result->version[0] = 0;
  const char *names[] = {"etag:", "last-modified:"};
  for (int i = 0; i < 2; i++) {
    size_t name = strlen(names[i]);
    if (length <= name || strncasecmp(line, names[i], name) != 0) continue;
    // An ETag is the better of the two.
    if (i == 1 && t->result->version[0]) continue;
    size_t begin = name, end = length;
    while (begin < end && (line[begin] == ' ' || line[begin] == '\t')) begin++;
    while (end > begin && (line[end - 1] == '\r' || line[end - 1] == '\n' || line[end - 1] == ' ')) end--;
    // A weak ETag does not promise equal bytes.
    if (end - begin >= 2 && line[begin] == 'W' && line[begin + 1] == '/') continue;
    if (end - begin >= sizeof t->result->version) continue;
    memcpy(t->result->version, line + begin, end - begin);
    t->result->version[end - begin] = 0;
  }
  return length;
}

static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now) {
  transfer *t = context;
  (void)up_total, (void)up_now;
  int64_t start = t->has_begun ? t->start : t->request->offset;
  if (total > 0) t->result->total = start + total;
  if (!t->request->progress) return 0;
  return t->request->progress(t->request->context, start + now, total > 0 ? start + total : 0);
}

static int outcome(CURLcode code, const transfer *t) {
  switch (code) {
    case CURLE_OK: return weft_fetch_done;
    case CURLE_HTTP_RETURNED_ERROR: return weft_fetch_refused;
    case CURLE_WRITE_ERROR: return weft_fetch_write_failed;
    case CURLE_ABORTED_BY_CALLBACK: return weft_fetch_stopped;
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_RECV_ERROR: return t->has_begun ? weft_fetch_cut_off : weft_fetch_failed;
    default: return weft_fetch_failed;
  }
}

void weft_fetch(const weft_fetch_request *request, weft_fetch_result *result) {
  memset(result, 0, sizeof *result);
  result->outcome = weft_fetch_no_library;
  if (!open_library()) return;
  CURL *handle = curl.easy_init();
  if (!handle) return;
  transfer t = {.request = request, .result = result, .handle = handle};
  char words[CURL_ERROR_SIZE] = "";
  char range[32], condition[300];
  struct curl_slist *headers = 0;
  curl.setopt(handle, CURLOPT_URL, request->url);
  curl.setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl.setopt(handle, CURLOPT_MAXREDIRS, 10L);
  int is_safe = strncasecmp(request->url, "https:", 6) == 0;
#if LIBCURL_VERSION_NUM >= 0x075500
  curl.setopt(handle, CURLOPT_PROTOCOLS_STR, is_safe ? "https" : "http,https");
  curl.setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, is_safe ? "https" : "http,https");
#else
  curl.setopt(handle, CURLOPT_PROTOCOLS, is_safe ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS);
  curl.setopt(handle, CURLOPT_REDIR_PROTOCOLS, is_safe ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
  curl.setopt(handle, CURLOPT_FAILONERROR, 1L);
  curl.setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.setopt(handle, CURLOPT_USERAGENT, "weft");
  curl.setopt(handle, CURLOPT_CONNECTTIMEOUT, 30L);
  // A connection that gives less than this for a minute is dead.
  curl.setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 64L);
  curl.setopt(handle, CURLOPT_LOW_SPEED_TIME, 60L);
  curl.setopt(handle, CURLOPT_ERRORBUFFER, words);
  curl.setopt(handle, CURLOPT_WRITEFUNCTION, on_bytes);
  curl.setopt(handle, CURLOPT_WRITEDATA, &t);
  curl.setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl.setopt(handle, CURLOPT_HEADERDATA, &t);
  curl.setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl.setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl.setopt(handle, CURLOPT_XFERINFODATA, &t);
  if (request->offset > 0) {
    snprintf(range, sizeof range, "%lld-", (long long)request->offset);
    curl.setopt(handle, CURLOPT_RANGE, range);
    if (request->version[0]) {
      snprintf(condition, sizeof condition, "If-Range: %s", request->version);
      headers = curl.slist_append(headers, condition);
      curl.setopt(handle, CURLOPT_HTTPHEADER, headers);
    }
  }
  CURLcode code = curl.perform(handle);
  curl.getinfo(handle, CURLINFO_RESPONSE_CODE, &result->status);
  result->outcome = outcome(code, &t);
  // An empty answer never came to a first byte.
  if (code == CURLE_OK && !t.has_begun && !begin(&t)) {
    result->number = errno;
    result->outcome = weft_fetch_write_failed;
  }
  snprintf(result->message, sizeof result->message, "%s", words[0] ? words : curl.strerror(code));
  curl.cleanup(handle);
  curl.slist_free_all(headers);
}
