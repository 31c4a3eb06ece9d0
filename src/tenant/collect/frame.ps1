
[CmdletBinding()]
param(
    # The file to write.
    [string] $Path = 'tenant.json'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command -Name Invoke-MgGraphRequest -ErrorAction SilentlyContinue)) {
    throw 'Microsoft Graph PowerShell is missing. Install it with: Install-Module Microsoft.Graph.Authentication -Scope CurrentUser'
}

# A page as Microsoft Graph sent it, as text, so that no date, list or empty value is changed on the way.
# If the call fails, the text says so: {"error":{"code":...,"message":...}}
function Get-Page([string] $Uri) {
    $code = 'RequestFailed'
    $reason = 'The answer was empty, or no JSON.'
    for ($try = 1; $try -le 3; $try++) {
        try {
            $text = [string](Invoke-MgGraphRequest -Method GET -Uri $Uri -OutputType Json -SkipHttpErrorCheck)
            if ($text -match '^\s*\{') { return $text }
        }
        catch {
            $reason = $_.Exception.Message
            if ([string]$_.ErrorDetails -match '(?s)\{\s*"error".*\}') {
                try {
                    $answer = ConvertFrom-Json -InputObject $Matches[0]
                    $code = [string]$answer.error.code
                    $reason = [string]$answer.error.message
                    break
                }
                catch { $code = 'RequestFailed' }
            }
        }
        Start-Sleep -Seconds (5 * $try)
    }
    ConvertTo-Json -InputObject @{ error = @{ code = $code; message = $reason } } -Depth 5 -Compress
}

function Test-Refused([string] $Page) {
    $Page -match '^\s*\{\s*"error"\s*:'
}

# The address of the page after this one, if there is one.
function Get-NextLink([string] $Page) {
    if ($Page -cmatch '"@odata\.nextLink"\s*:\s*("(?:[^"\\]|\\.)*")') {
        (ConvertFrom-Json -InputObject ('{"link":' + $Matches[1] + '}')).link
    }
}

function Add-Refusal([string] $Call, [string] $Page, [string] $Scope, [string] $Role) {
    $answer = (ConvertFrom-Json -InputObject $Page).error
    $refused.Add([pscustomobject]@{
        Call = $Call; Code = [string]$answer.code; Message = [string]$answer.message; Scope = $Scope; Role = $Role
    })
}

# Writes a collection page by page, or the one object behind an address.
function Export-Collection([string] $Name, [string] $Uri, [string] $Scope, [string] $Role, [switch] $Single) {
    Write-Host "Reading $Name"
    $writer.Write(',' + "`n" + '"' + $Name + '":')
    $page = Get-Page $Uri
    if ($Single -or (Test-Refused $page)) {
        $writer.Write($page)
        if (Test-Refused $page) { Add-Refusal $Name $page $Scope $Role }
        return
    }
    $writer.Write('[')
    $writer.Write($page)
    $next = Get-NextLink $page
    $count = 1
    while ($next) {
        $count++
        Write-Progress -Activity "Reading $Name" -Status "page $count"
        $page = Get-Page $next
        $writer.Write(',' + "`n")
        $writer.Write($page)
        if (Test-Refused $page) {
            Add-Refusal $Name $page $Scope $Role
            break
        }
        $next = Get-NextLink $page
    }
    $writer.Write(']')
    Write-Progress -Activity "Reading $Name" -Completed
}
