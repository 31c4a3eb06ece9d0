
# The elements of a list as JSON, from all its pages; nothing if a call is refused.
function Get-List([string] $Call, [string] $Uri, [string] $Scope, [string] $Role) {
    $elements = New-Object System.Collections.Generic.List[string]
    $next = $Uri
    while ($next) {
        $page = Get-Page $next
        if (Test-Refused $page) {
            if (-not $noted.ContainsKey($Call)) {
                $noted[$Call] = $true
                Add-Refusal $Call $page $Scope $Role
            }
            return
        }
        foreach ($element in (ConvertFrom-Json -InputObject $page).value) {
            $elements.Add((ConvertTo-Json -InputObject $element -Depth 20 -Compress))
        }
        $next = Get-NextLink $page
    }
    '[' + ($elements -join ',') + ']'
}

# Writes a collection whose objects have lists that take a call each. A list that is refused is left out of its object.
function Export-WithLists([string] $Name, [string] $Uri, [string] $Scope, [string] $Role, $Lists, [string[]] $OnlyWhere) {
    Write-Host "Reading $Name"
    $writer.Write(',' + "`n" + '"' + $Name + '":')
    $page = Get-Page $Uri
    if (Test-Refused $page) {
        $writer.Write($page)
        Add-Refusal $Name $page $Scope $Role
        return
    }
    $writer.Write('[')
    $count = 0
    while ($true) {
        $next = Get-NextLink $page
        $writer.Write('{')
        if ($next) { $writer.Write('"@odata.nextLink":' + (ConvertTo-Json -InputObject $next -Compress) + ',') }
        $writer.Write('"value":[')
        $comma = ''
        foreach ($object in (ConvertFrom-Json -InputObject $page).value) {
            $count++
            if ($count % 50 -eq 0) { Write-Progress -Activity "Reading $Name" -Status "$count" }
            $text = ConvertTo-Json -InputObject $object -Depth 20 -Compress
            $writer.Write($comma + $text.Substring(0, $text.Length - 1))
            $wanted = -not $OnlyWhere
            foreach ($property in $OnlyWhere) {
                if ($object.$property) { $wanted = $true }
            }
            if ($wanted) {
                foreach ($list in $Lists.Keys) {
                    $elements = Get-List "$Name/$list" $Lists[$list].Replace('{id}', $object.id) $Scope $Role
                    if ($elements) { $writer.Write(',"' + $list + '":' + $elements) }
                }
            }
            $writer.Write('}')
            $comma = ',' + "`n"
        }
        $writer.Write(']}')
        if (-not $next) { break }
        $page = Get-Page $next
        $writer.Write(',' + "`n")
        if (Test-Refused $page) {
            $writer.Write($page)
            Add-Refusal $Name $page $Scope $Role
            break
        }
    }
    $writer.Write(']')
    Write-Progress -Activity "Reading $Name" -Completed
}
